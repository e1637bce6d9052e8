/** The daemon's state and table as people and programs read them: text, JSON, HTML. Pure. */
package io.lvsd.core.view;
