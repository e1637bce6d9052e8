/** The text of keepalived.conf to a tree of statements, meaning not yet looked at. */
package io.lvsd.conf.syntax;
