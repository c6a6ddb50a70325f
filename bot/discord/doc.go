// Package discord speaks Discord's protocol: its REST API (Client) and its
// gateway (Gateway). It knows nothing of questions and answers.
//
// The module discordgo is used for its types and constants. Its client and its
// session are not: the client sleeps through rate limits without heeding a
// context, puts the edits of all interactions into one locked bucket and repeats
// a POST that may have worked; what is wrong with the session is said at shard.
// The events of Discord are declared here as far as the bot reads them, because
// discordgo refuses a whole message for one component of a type that it does not
// know.
package discord
