/** Configuration files to validated records: {@link io.lvsd.conf.ConfigLoader} is the way in. */
package io.lvsd.conf;
