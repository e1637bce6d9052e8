/** Kinds of servers that SERVICE_CHECK knows. */
@NullMarked
package io.lvsd.conf.check.service;

import org.jspecify.annotations.NullMarked;
