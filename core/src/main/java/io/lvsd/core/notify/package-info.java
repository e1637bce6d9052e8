/** Delivers notifications to scripts, FIFOs, mail and webhooks. Each has its own queue and thread. */
package io.lvsd.core.notify;
