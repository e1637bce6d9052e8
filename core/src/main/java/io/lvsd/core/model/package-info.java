/** Where each virtual server, real server and check stands. Immutable. */
package io.lvsd.core.model;
