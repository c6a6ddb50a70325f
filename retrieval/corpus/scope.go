package corpus

import "slices"

// Scope says which articles a reader may see. The zero Scope is the operator's
// articles of the default collection.
type Scope struct {
	// Server is the Discord server whose own articles are seen beside the
	// operator's; "" is none.
	Server string
	// Collections are those that are seen; none means the default one, which
	// has the name "".
	Collections []string
	// All is true for the upkeep of a store: it sees the articles of every
	// server and collection. It is never set for a reader.
	All bool
}

// Sees reports whether the article of i is in s.
func (s Scope) Sees(i *Info) bool {
	if s.All {
		return true
	}
	if i.Server != "" && i.Server != s.Server {
		return false
	}
	if len(s.Collections) == 0 {
		return i.Collection == ""
	}
	return slices.Contains(s.Collections, i.Collection)
}
