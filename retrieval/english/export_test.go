package english

import "slices"

// Section is a section as the test of unused entries reads it.
type Section struct {
	Name, File string
	Kept       bool
	Entries    []string // words or phrases, in byte order
	Words      bool     // they are words
}

// Sections returns all sections.
func Sections() []Section {
	var out []Section
	for name, s := range sections() {
		out = append(out, Section{name, s.file, s.kept, slices.Sorted(slices.Values(declared[name].entries())), declared[name].each})
	}
	slices.SortFunc(out, func(a, b Section) int { return slices.Compare([]string{a.File, a.Name}, []string{b.File, b.Name}) })
	return out
}
