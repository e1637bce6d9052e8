/** Configurations written: in the other syntax, from another program's file, and with every default made explicit. */
package io.lvsd.conf.convert;
