package settings

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Unanswered is a question that the articles did not answer.
type Unanswered struct {
	Question string // as it was put last
	Askers   int    // different users who put it
	Last     time.Time
}

// minAskers is how many users have to put a question before it is listed: what
// one person asked could say who it was.
const minAskers = 2

// AddUnanswered keeps that a user, given by id, put a question on a server that
// was not answered. The same user counts once.
func (m *Store) AddUnanswered(ctx context.Context, server, user, question string) error {
	folded := foldQuestion(question)
	if folded == "" || user == "" || utf8.RuneCountInString(question) > MaxQuestion {
		return errors.New("add an unanswered question: no user, no words or too many")
	}
	err := m.db.Update(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "INSERT OR REPLACE INTO unanswered (server, folded, user, question, time) VALUES (?, ?, ?, ?, ?)",
			server, folded, m.hash(user), question, m.now().Unix())
		return err
	})
	if err != nil {
		return fmt.Errorf("add an unanswered question: %w", err)
	}
	return nil
}

// foldQuestion is the words of a question in lower case.
func foldQuestion(question string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(question), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}), " ")
}

// Unanswered lists the questions of a server, or with "*" of all, that at least
// two users put, those of most users first; at most limit.
func (m *Store) Unanswered(ctx context.Context, server string, limit int) ([]Unanswered, error) {
	// With max(time) the bare column is of the row that holds the maximum.
	rows, err := m.db.Reads().QueryContext(ctx, `
SELECT question, count(DISTINCT user) AS askers, max(time) AS last FROM unanswered WHERE ?1 = '*' OR server = ?1
GROUP BY folded HAVING askers >= ?2 ORDER BY askers DESC, last DESC, folded LIMIT ?3`, server, minAskers, limit)
	if err != nil {
		return nil, fmt.Errorf("list unanswered questions: %w", err)
	}
	defer rows.Close()
	var list []Unanswered
	for rows.Next() {
		var u Unanswered
		var last int64
		if err := rows.Scan(&u.Question, &u.Askers, &last); err != nil {
			return nil, fmt.Errorf("list unanswered questions: %w", err)
		}
		u.Last = time.Unix(last, 0).UTC()
		list = append(list, u)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("list unanswered questions: %w", err)
	}
	return list, nil
}

// ExpireUnanswered deletes questions that were not put in the last days.
func (m *Store) ExpireUnanswered(ctx context.Context, days int) error {
	before := m.now().UTC().AddDate(0, 0, -days).Unix()
	_, err := m.delete(ctx, "DELETE FROM unanswered WHERE time < ?", before)
	if err == nil {
		err = m.scrub(ctx)
	}
	if err != nil {
		return fmt.Errorf("delete old unanswered questions: %w", err)
	}
	return nil
}
