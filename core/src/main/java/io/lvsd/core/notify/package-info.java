/** Hands what happens to scripts, FIFOs, mail and webhooks. Each has a thread of its own, so a slow one delays nobody. */
package io.lvsd.core.notify;
