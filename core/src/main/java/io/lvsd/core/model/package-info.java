/** The state of virtual servers, real servers and checks. Immutable. */
package io.lvsd.core.model;
