/** What the HTTP endpoint serves: status page, API and metrics. */
@NullMarked
package io.lvsd.core.api;

import org.jspecify.annotations.NullMarked;
