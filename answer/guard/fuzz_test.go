package guard

import "testing"

func FuzzCheck(f *testing.F) {
	f.Add("How many?", "The mayor said “2 million” on July 4, 2021.", "‘We paid 2 million,’ he said on Sunday.")
	f.Add("", "U.S. one-third of 20 per cent", "\"")
	f.Add("İ", "ß ’ “ ‘ 1st May 12,345.67", "not no never")
	f.Fuzz(func(t *testing.T, question, text, sentence string) {
		p, reason := Clean(Point{Text: text, Sentences: []int{1}})
		if reason != "" {
			return
		}
		Check(question, p, []Sentence{{Text: sentence, Published: "2021-07-04"}})
	})
}
