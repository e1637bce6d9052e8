/** Statements to model: inheritance of defaults, and the checks that need more than one line. */
package io.lvsd.conf.load;
