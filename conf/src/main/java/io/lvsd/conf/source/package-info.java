/** Places, problems, addresses and numbers: what every other package of this module may use. It uses none of them. */
@NullMarked
package io.lvsd.conf.source;

import org.jspecify.annotations.NullMarked;
