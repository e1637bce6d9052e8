/** A demonstration on loopback: real servers, the daemon, a client, and steps that are verified from outside. */
package io.lvsd.core.demo;
