/** Renders state and table as text, JSON and HTML. Pure. */
package io.lvsd.core.view;
