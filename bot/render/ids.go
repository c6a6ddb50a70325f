package render

import (
	"strings"
	"unicode/utf8"

	"verbatim/retrieval"
	"verbatim/retrieval/corpus"
)

// The verbs of buttons and modals. They stand in messages for ever: none may
// change its meaning.
const (
	VerbContext = "c" // arg: ref
	VerbMore    = "m" // arg: scope
	VerbFollow  = "f" // arg: scope
	VerbAll     = "a" // arg: refs
	VerbRight   = "r"
	VerbDown    = "d"
	VerbWrong   = "w" // asks for a reason
	VerbDelete  = "x" // arg: who may
	VerbHuman   = "h"
	VerbPassage = "ps" // arg: offset|scope; pages of a search
	VerbPlaces  = "pq" // arg: offset|; pages of the places that hold words
	VerbList    = "pl" // arg: offset|; pages of a list of articles
	VerbText    = "pa" // arg: page|ID; pages of an article
)

// A custom id is a verb and an argument with "|" between them. Discord takes
// at most 100 characters; ids are kept to 100 bytes.
const maxID = 100

// MakeID makes the id of a button, of a verb and an argument.
func MakeID(verb, arg string) string { return verb + "|" + arg }

// ParseID reads back the id of a button.
func ParseID(id string) (verb, arg string, ok bool) { return strings.Cut(id, "|") }

// Scope is what limits a search and goes on to the next question of a
// conversation: it stands in the ids of buttons.
type Scope struct {
	Since, Until corpus.Date
	Outlet       string
}

// String is the scope as the argument of a button.
func (s Scope) String() string {
	return string(s.Since) + "|" + string(s.Until) + "|" + s.Outlet
}

// Id returns a custom id that carries the scope, without the outlet where
// its name is too long for that.
func (s Scope) Id(verb string) string {
	id := MakeID(verb, s.String())
	if len(id) > maxID || !utf8.ValidString(id) {
		s.Outlet = ""
		id = MakeID(verb, s.String())
	}
	return id
}

// ParseScope reads a scope back from the argument of a button.
func ParseScope(arg string) Scope {
	parts := strings.SplitN(arg, "|", 3)
	for len(parts) < 3 {
		parts = append(parts, "")
	}
	s := Scope{Outlet: parts[2]}
	if d, err := corpus.ParseDate(parts[0]); err == nil {
		s.Since = d
	}
	if d, err := corpus.ParseDate(parts[1]); err == nil {
		s.Until = d
	}
	return s
}

// Apply limits f to the scope, or to the outlets that moderators chose.
func (s Scope) Apply(f retrieval.Filter, defaults []string) retrieval.Filter {
	f.Since, f.Until = s.Since, s.Until
	if s.Outlet != "" {
		f.Outlets = []string{s.Outlet}
	} else {
		f.Outlets = defaults
	}
	return f
}
