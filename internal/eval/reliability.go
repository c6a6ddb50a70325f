package eval

// Bin is one row of a reliability table: the questions for which the desk was
// about as sure, and how many of them the articles do answer.
type Bin struct {
	From       float64 `json:"from"` // of the certainty
	To         float64 `json:"to"`
	N          int     `json:"n"`
	Sure       float64 `json:"sure"`       // the mean certainty
	Answerable float64 `json:"answerable"` // the share that is answerable
}

// bins is the number of rows of a reliability table.
const bins = 10

// Reliability returns how well the certainty of an answer is calibrated over
// the outcomes of reports, without empty rows (DeGroot and Fienberg 1983).
func Reliability(reports ...*Report) []Bin {
	var all [bins]Bin
	for _, r := range reports {
		for _, o := range r.Outcomes {
			if o.Answer == nil {
				continue
			}
			b := &all[min(bins-1, int(o.Answer.Sure*bins))]
			b.N++
			b.Sure += o.Answer.Sure
			b.Answerable += truth(o.Question.Answerable())
		}
	}
	var out []Bin
	for i, b := range all {
		if b.N == 0 {
			continue
		}
		b.From, b.To = float64(i)/bins, float64(i+1)/bins
		b.Sure /= float64(b.N)
		b.Answerable /= float64(b.N)
		out = append(out, b)
	}
	return out
}

// Trade is what a threshold of the certainty does.
type Trade struct {
	Threshold float64 `json:"threshold"`
	Answered  float64 `json:"answered"` // of the answerable questions
	Refused   float64 `json:"refused"`  // of the others
}

// Trades returns what each threshold from .1 to .9 would do.
func Trades(reports ...*Report) []Trade {
	var out []Trade
	for t := 1; t < 10; t++ {
		var asked, answered, foreign, refused float64
		for _, r := range reports {
			for _, o := range r.Outcomes {
				switch {
				case o.Answer == nil:
				case o.Question.Answerable():
					asked++
					answered += truth(o.Answer.Sure >= float64(t)/10)
				default:
					foreign++
					refused += truth(o.Answer.Sure < float64(t)/10)
				}
			}
		}
		out = append(out, Trade{Threshold: float64(t) / 10, Answered: answered / max(1, asked), Refused: refused / max(1, foreign)})
	}
	return out
}
