/** Command line: arguments, output, exit status. */
package io.lvsd.core.cli;
