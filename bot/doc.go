// Package bot answers questions on Discord.
//
// An event of the gateway is read into a plain request (request.go),
// acknowledged before anything else is done (dispatch.go), waits its turn in a
// queue that is fair between servers (package quota), and is handled by one entry of
// one table (commands.go). A handler takes a request and returns a reply, and
// never speaks to Discord. The reply is packed into messages that Discord takes
// (package render) and sent (send.go). While a model writes, what has come of its
// answer is shown in the place of the acknowledgment (progress.go).
//
// Nothing about an answer is stored: its question stands in its message and its
// refs in the ids of its buttons, so that the buttons work for as long as the
// message stands.
//
// All text of articles, users and models passes through render.Escape.
// Discord's protocol is the business of package discord.
package bot
