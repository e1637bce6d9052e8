/** What the daemon remembers over its own death. */
package io.lvsd.core.store;
