/** Configuration and health to the wanted table, and a table difference to commands. Pure. */
package io.lvsd.core.plan;
