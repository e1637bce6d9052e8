/** What users type: arguments, output, exit codes. */
package io.lvsd.core.cli;
