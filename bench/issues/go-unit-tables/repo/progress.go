package size

import "fmt"

// Progress tells both amounts in the unit of the total.
func Progress(done, total Bytes) string {
	unit, divisor := "B", 1.0
	if total >= 1_000 {
		unit, divisor = "KB", 1e3
	}
	if total >= 1_000_000 {
		unit, divisor = "MB", 1e6
	}
	if total >= 1_000_000_000 {
		unit, divisor = "GB", 1e9
	}
	if total >= 1_000_000_000_000 {
		unit, divisor = "TB", 1e12
	}
	if unit == "B" {
		return fmt.Sprintf("%d of %d B", int64(done), int64(total))
	}
	return fmt.Sprintf("%.1f of %.1f %s", float64(done)/divisor, float64(total)/divisor, unit)
}
