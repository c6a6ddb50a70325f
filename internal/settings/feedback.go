package settings

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"time"
	"unicode/utf8"
)

// Feedback is what a user said of an answer. It does not say who it was.
type Feedback struct {
	ID       int64
	Time     time.Time // of the last word on this answer
	Server   string    // "" is a direct message
	Answer   string    // id of the message that held the answer
	Question string
	Refs     []string // of the quotes that were shown
	Right    bool
	Reason   string // in the user's words, may be ""
}

// Limits of what is kept: runes, and refs.
const (
	MaxQuestion = 2000
	MaxReason   = 1000
	MaxRefs     = 50
)

func (f Feedback) validate() error {
	switch {
	case f.Answer == "":
		return errors.New("no answer is named")
	case f.Question == "":
		return errors.New("the question is empty")
	case utf8.RuneCountInString(f.Question) > MaxQuestion:
		return fmt.Errorf("the question has over %d characters", MaxQuestion)
	case utf8.RuneCountInString(f.Reason) > MaxReason:
		return fmt.Errorf("the reason has over %d characters", MaxReason)
	case len(f.Refs) > MaxRefs:
		return fmt.Errorf("%d refs, at most %d", len(f.Refs), MaxRefs)
	}
	return nil
}

// AddFeedback keeps what a user, given by id, said of an answer, in place of what
// the same user said of it before. ID and Time are set here.
func (m *Store) AddFeedback(ctx context.Context, user string, f Feedback) error {
	err := f.validate()
	if err == nil && user == "" {
		err = errors.New("no user is named")
	}
	if err == nil {
		err = m.addFeedback(ctx, user, f)
	}
	if err != nil {
		return fmt.Errorf("add feedback on answer %s: %w", f.Answer, err)
	}
	return nil
}

func (m *Store) addFeedback(ctx context.Context, user string, f Feedback) error {
	if f.Refs == nil {
		f.Refs = []string{}
	}
	refs, err := json.Marshal(f.Refs)
	if err != nil {
		return err
	}
	return m.db.Update(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `
INSERT INTO feedback (time, server, user, answer, question, refs, correct, reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (user, answer) DO UPDATE SET time = excluded.time, server = excluded.server, question = excluded.question,
	refs = excluded.refs, correct = excluded.correct, reason = excluded.reason`,
			m.now().Unix(), f.Server, m.hash(user), f.Answer, f.Question, string(refs), f.Right, f.Reason)
		return err
	})
}

// Complaints yields the feedback that says an answer was wrong, oldest entry
// first, of one server or with "*" of all. It ends after an error. The
// loop's body may use the Store.
func (m *Store) Complaints(ctx context.Context, server string) iter.Seq2[Feedback, error] {
	return func(yield func(Feedback, error) bool) {
		var last int64
		for {
			page, err := m.complaints(ctx, server, last)
			if err != nil {
				yield(Feedback{}, fmt.Errorf("read complaints: %w", err))
				return
			}
			for _, f := range page {
				if !yield(f, nil) {
					return
				}
				last = f.ID
			}
			if len(page) < complaintPage {
				return
			}
		}
	}
}

// complaintPage is how many complaints are read at once, so that no connection
// is held while the caller works on them.
const complaintPage = 200

func (m *Store) complaints(ctx context.Context, server string, after int64) ([]Feedback, error) {
	rows, err := m.db.Reads().QueryContext(ctx, `
SELECT id, time, server, answer, question, refs, reason FROM feedback
WHERE correct = 0 AND id > ?1 AND (?2 = '*' OR server = ?2) ORDER BY id LIMIT ?3`, after, server, complaintPage)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []Feedback
	for rows.Next() {
		var f Feedback
		var at int64
		var refs string
		if err := rows.Scan(&f.ID, &at, &f.Server, &f.Answer, &f.Question, &refs, &f.Reason); err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(refs), &f.Refs); err != nil {
			return nil, fmt.Errorf("feedback %d: %w", f.ID, err)
		}
		f.Time = time.Unix(at, 0).UTC()
		list = append(list, f)
	}
	return list, rows.Err()
}

// Kept is what is kept of a user.
type Kept struct {
	Feedback       int
	Unanswered     int       // questions
	Oldest, Newest time.Time // zero if there is nothing
}

// KeptOf counts what is kept of a user, given by id.
func (m *Store) KeptOf(ctx context.Context, user string) (Kept, error) {
	var k Kept
	var oldest, newest sql.NullInt64
	err := m.db.Reads().QueryRowContext(ctx, "SELECT count(*), min(time), max(time) FROM feedback WHERE user = ?", m.hash(user)).
		Scan(&k.Feedback, &oldest, &newest)
	if err != nil {
		return Kept{}, fmt.Errorf("read what is kept of a user: %w", err)
	}
	err = m.db.Reads().QueryRowContext(ctx, "SELECT count(*) FROM unanswered WHERE user = ?", m.hash(user)).Scan(&k.Unanswered)
	if err != nil {
		return Kept{}, fmt.Errorf("read what is kept of a user: %w", err)
	}
	if oldest.Valid {
		k.Oldest, k.Newest = time.Unix(oldest.Int64, 0).UTC(), time.Unix(newest.Int64, 0).UTC()
	}
	return k, nil
}

// ForgetUser deletes all that is kept of a user, given by id, on every server, and
// returns how many entries that were. The bytes are overwritten, in the log too
// unless another process is reading.
func (m *Store) ForgetUser(ctx context.Context, user string) (int, error) {
	n, err := m.delete(ctx, "DELETE FROM feedback WHERE user = ?", m.hash(user))
	if err == nil {
		var more int
		more, err = m.delete(ctx, "DELETE FROM unanswered WHERE user = ?", m.hash(user))
		n += more
	}
	if err == nil {
		err = m.scrub(ctx)
	}
	if err != nil {
		return n, fmt.Errorf("forget a user: %w", err)
	}
	return n, nil
}

// Expire deletes feedback and token counts older than so many days, and returns
// how many entries of feedback that were. It refuses fewer than one day.
func (m *Store) Expire(ctx context.Context, days int) (int, error) {
	if days < 1 {
		return 0, fmt.Errorf("delete old feedback: %d days is less than one", days)
	}
	before := m.now().UTC().AddDate(0, 0, -days)
	n, err := m.delete(ctx, "DELETE FROM feedback WHERE time < ?", before.Unix())
	if err == nil {
		_, err = m.delete(ctx, "DELETE FROM usage WHERE day < ?", before.Format(time.DateOnly))
	}
	if err == nil {
		err = m.scrub(ctx)
	}
	if err != nil {
		return n, fmt.Errorf("delete old feedback: %w", err)
	}
	return n, nil
}

func (m *Store) delete(ctx context.Context, query string, args ...any) (int, error) {
	var n int64
	err := m.db.Update(ctx, func(tx *sql.Tx) error {
		r, err := tx.ExecContext(ctx, query, args...)
		if err != nil {
			return err
		}
		n, err = r.RowsAffected()
		return err
	})
	return int(n), err
}

// scrub empties the log, where deleted text would live on. A reader in another
// process can prevent it, which the next scrub makes good.
func (m *Store) scrub(ctx context.Context) error {
	emptied, err := m.db.EmptyLog(ctx)
	if err != nil {
		return err
	}
	if !emptied {
		m.log.WarnContext(ctx, "the log of the settings is in use and was not emptied")
	}
	return nil
}
