/** State that persists across restarts. */
package io.lvsd.core.store;
