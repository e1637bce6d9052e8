/** A configuration as validated, immutable records with every default resolved. */
package io.lvsd.conf.model;
