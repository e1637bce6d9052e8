/** The one declaration of every keyword, and reading values by it. */
package io.lvsd.conf.keyword;
