package io.lvsd.core.view;

import java.util.List;

/** All virtual servers, in the order of the configuration. The names of the components are those of the JSON. */
public record VirtualServersReport(List<StatusReport.VirtualServer> virtualServers) {}
