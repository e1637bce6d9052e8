/** HOCON: its files to the same tree of statements as keepalived's syntax, and back. */
package io.lvsd.conf.hocon;
