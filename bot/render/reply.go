// Package render turns answers and other replies into messages within Discord's
// limits, and reads back from a message of the bot which question it answers and
// which quotes it shows: nothing about an answer is stored.
//
// All text of articles, users and models passes through Escape.
package render

import "verbatim/bot/discord"

// Reply is what a handler wants to be shown. Dispatch turns it into messages
// within Discord's limits: an embed if it has a question or a title, else text.
type Reply struct {
	Asked  string // the question or query as it was put, to be read back from the message
	Title  string // what is shown; escaped
	State  state
	Blocks []Block
	Foot   string // below all; not escaped
	Rows   [][]Button
	File   *discord.File
	// Deletes the message that the button stands on.
	Deletes bool

	// Mentions is the id of a role that the reply mentions; nobody else is.
	Mentions string
	// Failed replies say why there is no other. Where a reply would change a
	// message that others see, it is shown to the asker alone instead.
	Failed bool
	// Unanswered replies do not count as answers against the limits.
	Unanswered bool

	Modal   *Modal
	Choices []discord.Choice
}

// state gives an embed its color. It is said in words too.
type state int

const (
	stateNone state = iota
	stateAnswered
	stateUnsure
	stateNoEvidence
)

// color is as Discord writes it: red, green and blue.
func (s state) color() int {
	return map[state]int{stateNone: 0x5865f2, stateAnswered: 0x2e7d32, stateUnsure: 0xf9a825, stateNoEvidence: 0x757575}[s]
}

// Block is a part of a reply that stands on lines of its own.
type Block struct {
	Text string // escaped, within the Markdown that the bot uses
	// Soft text may go on in the next message, at the end of a word.
	Soft bool
	// Plain is the same for a file, not escaped; "" means that text will do.
	Plain string
}

// Button is one button; a link if url is set.
type Button struct {
	Label string
	Id    string
	style buttonStyle
	Off   bool
}

type buttonStyle int

const (
	quiet buttonStyle = iota
	loud
)

// Modal asks for one text.
type Modal struct {
	Id, Title, Label, Hint string
	Max                    int // runes
	Optional               bool
}

// Say is a reply of one sentence.
func Say(sentence string) *Reply { return &Reply{Blocks: []Block{{Text: sentence, Soft: true}}} }

// Sorry is a reply of one sentence that says why there is no other.
func Sorry(sentence string) *Reply {
	r := Say(sentence)
	r.Failed, r.Unanswered = true, true
	return r
}
