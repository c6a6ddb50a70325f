// Package bot is Verbatim's face on Discord.
//
// An event comes from a gateway session (gateway.go), is read into a plain
// request (wire.go, request.go), acknowledged before anything else is done
// (dispatch.go), waits its turn in a queue that is fair between servers
// (queue.go), and is handled by one entry of one table (commands.go,
// buttons.go). A handler takes a request and returns a reply and never speaks
// to Discord. The reply is cut into messages that Discord takes (pack.go) and
// sent (send.go). While a model writes, what has come of its answer is shown in
// the place of the acknowledgment (progress.go).
//
// Nothing about an answer is stored: its question stands in its first line
// and its refs in the ids of its buttons, so that the buttons work for as
// long as the message stands.
//
// All text of articles, users and models passes through escape (escape.go).
//
// Of discordgo the gateway session and the types of commands and components
// are used. REST requests are our own (rest.go), because discordgo sleeps
// through rate limits without heeding a context, puts the edits of all
// interactions into one locked bucket and repeats a POST that may have
// worked.
package bot
