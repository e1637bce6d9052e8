/** The read-only HTTP endpoint. */
package io.lvsd.core.http;
