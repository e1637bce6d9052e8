/** The main job on this machine's loopback: real servers, the daemon, clients, and a story that is checked step by step. */
package io.lvsd.core.demo;
