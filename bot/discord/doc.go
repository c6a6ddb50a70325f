// Package discord speaks Discord's protocol: its REST API (Client) and its
// gateway. It knows nothing of questions and answers.
//
// The events and objects of Discord are declared here as far as the bot reads
// them, because discordgo refuses a whole message for one component of a type
// that it does not know. REST requests are our own too: discordgo sleeps
// through rate limits without heeding a context, puts the edits of all
// interactions into one locked bucket and repeats a POST that may have worked.
package discord
