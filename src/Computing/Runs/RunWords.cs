// States, causes and tests as pages and refusals call them.
using System.Globalization;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;

namespace Lizhou.Computing.Runs;

internal static class RunWords
{
    public static string Of(StepState state) => state switch
    {
        StepState.Waiting => "Waiting",
        StepState.Running => "Running",
        StepState.Built => "Built",
        StepState.Unchanged => "Unchanged",
        StepState.Failed => "Failed",
        StepState.Skipped => "Skipped",
        _ => "Undone",
    };

    public static string Tone(StepState state) => state switch
    {
        StepState.Built => "good",
        StepState.Failed => "bad",
        StepState.Skipped or StepState.Undone => "warn",
        _ => "info",
    };

    public static string Of(RunCause cause) => cause switch
    {
        RunCause.Hand => "By hand",
        RunCause.Schedule => "By schedule",
        _ => "On change",
    };

    public static string Faults(TestResult test) => test is { AtLeast: true, Faults: > 0 } ? "≥ 1" : test.Faults.ToString(CultureInfo.InvariantCulture);

    public static Text Of(StatementCheck check) => check.Kind switch
    {
        CheckKind.NotNull => new Text("{0} 不为空", "{0} not empty").With(string.Join(", ", check.Columns)),
        CheckKind.Unique => new Text("{0} 不重复", "{0} unique").With(string.Join(", ", check.Columns)),
        CheckKind.AcceptedValues => new Text("{0} 取值于 {1}", "{0} one of {1}").With(check.Columns[0], string.Join(", ", check.Values)),
        _ => new Text("{0}", "{0}").With(check.Expression),
    };
}
