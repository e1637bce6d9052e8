package io.lvsd.core.daemon;

/**
 * What a reload would do now.
 *
 * @param text its commands, one a line, with the arguments of {@code ipvsadm}
 * @param outcome what the reload would end with
 * @param summary how many commands and real servers it concerns, or why it would be refused
 */
public record PlanResult(String text, ReloadResult.Outcome outcome, String summary) {}
