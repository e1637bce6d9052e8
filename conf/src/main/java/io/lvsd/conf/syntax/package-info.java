/** The text of keepalived.conf to a tree of statements, not validated. */
package io.lvsd.conf.syntax;
