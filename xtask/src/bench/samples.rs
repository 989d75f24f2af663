//! Samples that a bench in the browser left as JSON, and the numbers that say what they are like.

use anyhow::{Context, Result};
use serde_json::Value;

/// The samples of one kind. Never empty.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Samples(Vec<f64>);

impl Samples {
    /// Sorted; an error where there are none, since nothing can be said of them.
    pub(super) fn of(values: impl IntoIterator<Item = f64>) -> Result<Self> {
        let mut values: Vec<f64> = values.into_iter().filter(|value| value.is_finite()).collect();
        values.sort_by(f64::total_cmp);
        if values.is_empty() { None } else { Some(Self(values)) }.context("there are no samples")
    }

    /// The numbers of this field of each element of a list.
    pub(super) fn field(list: &Value, field: &str) -> Result<Self> {
        let elements = list.as_array().with_context(|| format!("the samples of {field} are no list"))?;
        let values = elements.iter().map(|one| number(one, field)).collect::<Result<Vec<f64>>>()?;
        Self::of(values).with_context(|| field.to_owned())
    }

    /// The numbers of a list.
    pub(super) fn list(list: &Value) -> Result<Self> {
        Self::of(list.as_array().context("the samples are no list")?.iter().filter_map(Value::as_f64))
    }

    pub(super) fn median(&self) -> f64 {
        self.percentile(50.0)
    }

    /// The smallest sample that so many of a hundred do not exceed.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a place in a list of some thousands"
    )]
    pub(super) fn percentile(&self, of_hundred: f64) -> f64 {
        let place = (of_hundred / 100.0 * self.0.len() as f64).ceil() as usize;
        self.0[place.clamp(1, self.0.len()) - 1]
    }

    pub(super) fn most(&self) -> f64 {
        self.percentile(100.0)
    }

    #[expect(clippy::cast_precision_loss, reason = "a mean of some thousands")]
    pub(super) fn mean(&self) -> f64 {
        self.0.iter().sum::<f64>() / self.0.len() as f64
    }

    pub(super) fn count(&self) -> usize {
        self.0.len()
    }
}

/// A number of a JSON object.
pub(super) fn number(object: &Value, field: &str) -> Result<f64> {
    object[field].as_f64().with_context(|| format!("the samples have no number `{field}`: {object}"))
}

/// How much a value grows from one point to the next but for noise: the slope of the line that fits
/// the points best (least squares), times their span. `points` are pairs of place and value.
pub(super) fn growth(points: &[(f64, f64)]) -> f64 {
    let Some((first, last)) = points.first().zip(points.last()) else { return 0.0 };
    #[expect(clippy::cast_precision_loss, reason = "some dozens of points")]
    let count = points.len() as f64;
    let mean = |pick: fn(&(f64, f64)) -> f64| points.iter().map(pick).sum::<f64>() / count;
    let (x, y) = (mean(|point| point.0), mean(|point| point.1));
    let spread: f64 = points.iter().map(|point| (point.0 - x).powi(2)).sum();
    if spread == 0.0 {
        return 0.0;
    }
    let slope = points.iter().map(|point| (point.0 - x) * (point.1 - y)).sum::<f64>() / spread;
    slope * (last.0 - first.0)
}

/// Says what was over its limit, if anything was.
pub(super) fn over(reasons: &[String]) -> Option<String> {
    (!reasons.is_empty()).then(|| reasons.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_percentile_is_a_sample_that_so_many_do_not_exceed() {
        let samples = Samples::of((1..=100).rev().map(f64::from)).unwrap();
        let told = [50.0, 98.0, 99.0, 100.0].map(|one| samples.percentile(one).to_string());
        assert_eq!(told, ["50", "98", "99", "100"]);
        let told = [samples.median(), samples.most(), samples.mean()].map(|one| one.to_string());
        assert_eq!((told, samples.count()), (["50", "100", "50.5"].map(str::to_owned), 100));
        assert_eq!(Samples::of([3.0]).unwrap().percentile(1.0).to_string(), "3");
    }

    #[test]
    fn without_samples_there_is_an_error_and_no_number() {
        assert!(Samples::of([]).is_err());
        assert!(Samples::list(&json!([null, "1"])).is_err());
    }

    #[test]
    fn a_field_that_is_missing_is_named() {
        let error = Samples::field(&json!([{"lcp": 1}, {"cls": 0}]), "lcp").unwrap_err();
        assert!(error.to_string().contains("no number `lcp`"), "{error}");
    }

    #[test]
    fn growth_is_that_of_the_line_through_the_points() {
        assert!((growth(&[(0.0, 5.0), (1.0, 7.0), (2.0, 9.0)]) - 4.0).abs() < 1e-9);
        assert!(growth(&[(0.0, 5.0), (1.0, 6.0), (2.0, 5.0)]).abs() < 1e-9);
        assert!(growth(&[(1.0, 5.0)]).abs() < 1e-9);
    }
}
