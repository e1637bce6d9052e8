/** Facts about this host: addresses, ports, files, accounts, sysctls, processes. */
@NullMarked
package io.lvsd.core.host;

import org.jspecify.annotations.NullMarked;
