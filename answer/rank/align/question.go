package align

// nameShare is the share of a word's occurrences that must be capitalised inside a sentence for the word
// to count as a name in a question without capitals.
const nameShare = .7

// parse finds the content words, names, numbers and focus of the question.
func (g *Group) parse() {
	capitals := g.capitals()
	for i, t := range g.Question.Tokens {
		if t.Is(Function) {
			continue
		}
		g.Content = append(g.Content, i)
		switch {
		case t.Is(Number):
			g.Numbers = append(g.Numbers, i)
		case t.Case == Inside, t.Case == First && i > 0, t.Rank < 0, capitals[t.Text].share() >= nameShare:
			g.Names = append(g.Names, i)
		}
	}
	g.Focus = g.focus()
}

type count struct{ inside, all int }

func (c count) share() float64 {
	if c.all == 0 {
		return 0
	}
	return float64(c.inside) / float64(c.all)
}

// capitals counts how the question's words are written in the candidates' sentences.
func (g *Group) capitals() map[string]count {
	out := make(map[string]count, len(g.Question.Tokens))
	for _, t := range g.Question.Tokens {
		out[t.Text] = count{}
	}
	for _, c := range g.Candidates {
		for _, t := range c.Sentence.Tokens {
			n, asked := out[t.Text]
			if !asked {
				continue
			}
			n.all++
			if t.Case == Inside {
				n.inside++
			}
			out[t.Text] = n
		}
	}
	return out
}

// focus returns the first content word that is not a name among the three words behind "what", "which",
// "whose" or "how many", or -1.
func (g *Group) focus() int {
	name := make(map[int]bool, len(g.Names))
	for _, i := range g.Names {
		name[i] = true
	}
	for i, t := range g.Question.Tokens {
		switch t.Text {
		case "what", "which", "many", "much", "whose":
			for j := i + 1; j < min(i+4, len(g.Question.Tokens)); j++ {
				if next := g.Question.Tokens[j]; auxiliary(next.Word) {
					return -1
				} else if !next.Is(Function) && !name[j] {
					return j
				}
			}
			return -1
		}
	}
	return -1
}
