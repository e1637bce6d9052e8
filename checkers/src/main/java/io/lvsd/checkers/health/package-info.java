/** What a series of outcomes means, and when the next probe is due. Pure. */
package io.lvsd.checkers.health;
