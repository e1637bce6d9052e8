package io.lvsd.conf.model;

/**
 * The port on which the built-in sorry page or relay of a virtual server listens.
 *
 * @param number 1 to 65535
 * @param fixed whether the block of the virtual server has it; else another port is used if a virtual server with the same
 *     address has this one
 */
public record SorryPort(int number, boolean fixed) {}
