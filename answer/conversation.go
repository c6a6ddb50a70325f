package answer

import "context"

// standAlone rewrites a follow-up into a question that stands alone.
func (d *Desk) standAlone(ctx context.Context, r *Request, a *Answer) {
}
