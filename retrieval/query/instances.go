package query

import (
	"sync"

	"verbatim/retrieval/english"
)

// instances gives a type word a few well-known instances of what it names.
// Their mean vector stands for the type if the word itself is a poor guide to
// its instances.
var instances = sync.OnceValue(func() map[string][]string {
	m := make(map[string][]string)
	for _, p := range english.Instances.All() {
		for _, kind := range p.Left {
			m[kind] = p.Right
		}
	}
	return m
})
