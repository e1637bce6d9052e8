/** Log lines about conditions that last. */
package io.lvsd.core.log;
