/**
 * A provider that is none, for demos, tests and benchmarks: speaks OpenAI's chat completions and Anthropic's Messages
 * API, answers both by one function of the conversation, and fails as it is told to.
 *
 * <p>Receives calls over HTTP; notes every one in its call log before it answers, so that the log is a witness from outside
 * of what was called how often. Faults come from three places, the first that applies wins: quotas of a key, a directive in
 * the prompt ({@code [[fake status=500]]}), and the script's shares of all calls. The script can be replaced while it runs.
 */
@NullMarked
package dev.penstock.fake;

import org.jspecify.annotations.NullMarked;
