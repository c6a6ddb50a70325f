package english

import (
	"strings"
	"testing"
	"unicode"
)

// TestSections holds the files and the declarations together, and every
// section to its examples.
func TestSections(t *testing.T) {
	for name, s := range sections() {
		d, ok := declared[name]
		if !ok {
			t.Errorf("%s: section %s is not declared", s.file, name)
			continue
		}
		if len(s.lines) == 0 {
			t.Errorf("%s: section %s is empty", s.file, name)
		}
		if len(s.yes) == 0 || len(s.no) == 0 {
			t.Errorf("%s: section %s lacks examples of one sort", s.file, name)
		}
		for _, e := range d.examples(s.yes) {
			if !d.has(e) {
				t.Errorf("%s: section %s lacks its example %q", s.file, name, e)
			}
		}
		for _, e := range d.examples(s.no) {
			if d.has(e) {
				t.Errorf("%s: section %s has %q, its example of what it must not have", s.file, name, e)
			}
		}
	}
	for name := range declared {
		if sections()[name] == nil {
			t.Errorf("section %s is declared and in no file", name)
		}
	}
}

// examples splits lines into words, or at " | ".
func (d declaration) examples(lines []string) []string {
	var out []string
	for _, l := range lines {
		if d.each {
			out = append(out, strings.Fields(l)...)
		} else {
			out = append(out, strings.Split(l, " | ")...)
		}
	}
	return out
}

// TestFolded finds entries that a folded token can never equal. Display names
// before a colon are free, and so is sentences.txt, whose words are compared
// before folding.
func TestFolded(t *testing.T) {
	for name, s := range sections() {
		if s.file == "sentences.txt" {
			continue
		}
		for _, l := range s.lines {
			entry := l.text
			if _, list, ok := strings.Cut(entry, ": "); ok {
				entry = list
			}
			if strings.ContainsFunc(entry, unicode.IsUpper) {
				t.Errorf("%s:%d: %s: %q has an upper-case letter", s.file, l.number, name, entry)
			}
		}
	}
}

// TestOnce finds words that a section lists twice.
func TestOnce(t *testing.T) {
	for name, s := range sections() {
		if !declared[name].each {
			continue
		}
		seen := map[string]int{}
		for _, l := range s.lines {
			entry := l.text
			if _, list, ok := strings.Cut(entry, ": "); ok {
				entry = list
			}
			for _, w := range strings.Fields(entry) {
				if seen[w] > 0 {
					t.Errorf("%s:%d: section %s lists %q again, after line %d", s.file, l.number, name, w, seen[w])
				}
				seen[w] = l.number
			}
		}
	}
}

func TestParse(t *testing.T) {
	for _, bad := range []string{"word\n", "[open\n", "[]\n"} {
		if _, err := parse("x.txt", bad); err == nil {
			t.Errorf("parse(%q) found no fault", bad)
		}
	}
	list, err := parse("x.txt", "# all\n[a] first\n# more\n+ b\n- c\nb d\n")
	if err != nil || len(list) != 1 || len(list[0].lines) != 1 || list[0].lines[0] != (line{"b d", 6}) {
		t.Errorf("parse read %+v, %v", list, err)
	}
}

func TestMatch(t *testing.T) {
	words := func(text string) func(int) string {
		list := strings.Fields(text)
		return func(i int) string {
			if i < len(list) {
				return list[i]
			}
			return ""
		}
	}
	for _, c := range []struct {
		text, value string
		n           int
	}{
		{"no fewer than ten", "more", 3},
		{"no more than", "less", 3},
		{"more than", "more", 2},
		{"more", "", 0},
		{"", "", 0},
	} {
		if n, value := Bounds.Match(words(c.text)); n != c.n || value != c.value {
			t.Errorf("Bounds.Match(%q) = %d, %q; want %d, %q", c.text, n, value, c.n, c.value)
		}
	}
	if n := ReasonPhrases.Match(words("as a result of it")); n != 4 {
		t.Errorf("the longest phrase has %d words, want 4", n)
	}
}

func TestParseRules(t *testing.T) {
	list, err := parseRules([]line{{"rule notice 90", 1}, {"holds: a b; c", 2}, {"holds: ·d", 3}, {"and: e", 4}, {"rule advert 5 open", 5}, {"starts: f", 6}})
	if err != nil || len(list) != 2 {
		t.Fatalf("read %+v, %v", list, err)
	}
	if r := list[0]; r.Reason != "notice" || r.Words != 90 || r.Open || strings.Join(r.Holds, "|") != "a b|c| d" || len(r.And) != 1 {
		t.Errorf("the first rule is %+v", r)
	}
	if r := list[1]; !r.Open || len(r.Starts) != 1 || len(r.Holds) != 0 {
		t.Errorf("the second rule is %+v", r)
	}
	for _, bad := range []string{"holds: a", "rule notice", "rule notice x", "rule notice 9 shut"} {
		if _, err := parseRules([]line{{bad, 1}}); err == nil {
			t.Errorf("%q is taken for a rule", bad)
		}
	}
	if _, err := parseRules([]line{{"rule notice 9", 1}, {"has: a", 2}}); err == nil {
		t.Error("a list of an unknown name is taken")
	}
}
