package english

// Days, months and times.
var (
	Months        = numbersOf("month")         // 1 to 12
	ShortMonths   = numbersOf("month.short")   // the same for "jan", "sept"
	Weekdays      = numbersOf("weekday")       // 0, Sunday, to 6
	ShortWeekdays = numbersOf("weekday.short") // the same for "sun", "tues"
	RelativeDays  = numbersOf("day")           // days after the day of writing
	Periods       = setOf("period")            // week, months, …
	DayParts      = setOf("daypart")           // morning, night, …
)
