package english

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Rule says what a line of a page is by its words. Empty lists ask for
// nothing. Phrases are in lower case with straight quotation marks.
type Rule struct {
	Reason string   // why such a line is left out
	Words  int      // the line has at most so many words
	Open   bool     // the line does not end as a sentence does
	Starts []string // it begins with one of these, as whole words
	Holds  []string // it holds one of these
	And    []string // and one of these
}

// Rules are rules in the order of their file: the first that fits decides.
type Rules struct{ load func() []Rule }

func rulesOf(name string) Rules {
	r := Rules{load: sync.OnceValue(func() []Rule {
		s := lookUp(name)
		list, err := parseRules(s.lines)
		if err != nil {
			panic("english: " + s.file + ":" + err.Error())
		}
		return list
	})}
	declare(name, func(example string) bool { return slices.Contains(r.phrases(), example) }, r.phrases)
	return r
}

// All returns the rules. They are shared.
func (r Rules) All() []Rule { return r.load() }

func (r Rules) phrases() []string {
	var out []string
	for _, rule := range r.All() {
		out = slices.Concat(out, rule.Starts, rule.Holds, rule.And)
	}
	return out
}

// parseRules reads lines of the form "rule reason words [open]", each followed
// by its lists.
func parseRules(lines []line) ([]Rule, error) {
	var out []Rule
	for _, l := range lines {
		if head, ok := strings.CutPrefix(l.text, "rule "); ok {
			rule, err := ruleHead(head)
			if err != nil {
				return nil, fmt.Errorf("%d: %w", l.number, err)
			}
			out = append(out, rule)
			continue
		}
		key, list, ok := strings.Cut(l.text, ":")
		if !ok || len(out) == 0 {
			return nil, fmt.Errorf("%d: neither a rule nor a list of one", l.number)
		}
		rule := &out[len(out)-1]
		into, ok := map[string]*[]string{"starts": &rule.Starts, "holds": &rule.Holds, "and": &rule.And}[key]
		if !ok {
			return nil, fmt.Errorf("%d: no list of a rule is called %q", l.number, key)
		}
		for phrase := range strings.SplitSeq(list, ";") {
			*into = append(*into, spaced(strings.TrimSpace(phrase)))
		}
	}
	return out, nil
}

func ruleHead(text string) (Rule, error) {
	f := strings.Fields(text)
	if len(f) < 2 || len(f) > 3 || len(f) == 3 && f[2] != "open" {
		return Rule{}, fmt.Errorf("a rule begins with its reason, its number of words and perhaps \"open\", not %q", text)
	}
	words, err := strconv.Atoi(f[1])
	if err != nil {
		return Rule{}, fmt.Errorf("the number of words of a rule: %w", err)
	}
	return Rule{Reason: f[0], Words: words, Open: len(f) == 3}, nil
}

// spaced puts spaces for the marks at the ends of a phrase.
func spaced(phrase string) string { return strings.ReplaceAll(phrase, "·", " ") }
