// In: a request that failed or was turned away without a body. Out: problem+json for programs, a page for people; a tracking id on both and in the log.
using System.Text.Json;
using System.Text.RegularExpressions;
using Lizhou.Contracts;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Lizhou.Lake;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace Lizhou.Host;

internal static class Failures
{
    public static IApplicationBuilder UseFailures(this IApplicationBuilder app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandlingPath = "/error",
            CreateScopeForErrors = true,
            AllowStatusCode404Response = true,
            StatusCodeSelector = Status,
            SuppressDiagnosticsCallback = _ => true,
        });
        app.UseStatusCodePagesWithReExecute("/error/{0}", createScopeForStatusCodePages: true);
        return app.Use(async (context, next) =>
        {
            if (context.Features.Get<IStatusCodeReExecuteFeature>() is not null || context.Features.Get<IExceptionHandlerFeature>() is not null)
            {
                context.Request.Method = HttpMethods.Get; // The page of a refusal is looked at, whatever was refused: as a form of another content it would be refused anew.
                Headers.Say(context);
            }

            if (!IsProgram(context.Request))
            {
                await next(context);
                FormAnswer(context);
                return;
            }

            context.Features.Get<IStatusCodePagesFeature>()?.Enabled = false;
            await next(context);
            var answer = context.Response;
            if (answer.StatusCode >= 400 && !answer.HasStarted && answer.ContentLength is null && string.IsNullOrEmpty(answer.ContentType))
            {
                var refusal = answer.StatusCode == StatusCodes.Status403Forbidden && HalfwayIn.Waits(context.User) is { } waits ? Problems.OfHalfway(waits) : Problems.Of(answer.StatusCode);
                await refusal.ToHttp().ExecuteAsync(context);
            }
        });
    }

    /// <summary>A form whose proof could not be read is turned away without a word: it gets the page of its refusal, of its size where that was why.</summary>
    private static void FormAnswer(HttpContext context)
    {
        if (context.Response is { StatusCode: StatusCodes.Status400BadRequest, HasStarted: false } answer && context.Features.Get<IAntiforgeryValidationFeature>() is { IsValid: false } proof)
        {
            answer.ContentType = null;
            for (var why = (Exception?)proof.Error; why is not null; why = why.InnerException)
            {
                answer.StatusCode = why is BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } ? StatusCodes.Status413PayloadTooLarge : answer.StatusCode;
            }
        }
    }

    /// <summary>Whether the caller reads JSON rather than pages.</summary>
    /// <param name="path">What was asked for; null: as the request says, which after a failure is the page of failures.</param>
    public static bool IsProgram(HttpRequest request, PathString? path = null) =>
        (path ?? request.Path) is var asked && (asked.StartsWithSegments("/api", StringComparison.Ordinal) || asked.StartsWithSegments("/r1", StringComparison.Ordinal) || asked.StartsWithSegments("/oauth", StringComparison.Ordinal) || asked.StartsWithSegments("/open311", StringComparison.Ordinal) || asked.StartsWithSegments("/levels/v1", StringComparison.Ordinal))
        || (request.Headers.Accept.ToString() is { Length: > 0 } accept
            && accept.Contains("json", StringComparison.OrdinalIgnoreCase) && !accept.Contains("text/html", StringComparison.OrdinalIgnoreCase));

    /// <summary>Another process holds SQLite's file longer than anybody waits for it.</summary>
    internal static bool IsLocked(Exception? failure)
    {
        const int busy = 5, locked = 6;
        for (; failure is not null; failure = failure.InnerException)
        {
            if (failure is SqliteException { SqliteErrorCode: busy or locked })
            {
                return true;
            }
        }

        return false;
    }

    internal static int Status(Exception failure) => failure switch
    {
        ProblemException refusal => refusal.Problem.Status,
        _ when Warehouse.IsDiskFull(failure) => StatusCodes.Status507InsufficientStorage,
        _ when IsLocked(failure) => StatusCodes.Status503ServiceUnavailable,
        BadHttpRequestException bad => bad.StatusCode,
        InvalidOperationException unread when unread.Message.StartsWith("Cannot parse the value", StringComparison.Ordinal) => StatusCodes.Status400BadRequest, // a field of a page's address; Blazor has no type of its own for it
        _ => StatusCodes.Status500InternalServerError,
    };
}

/// <summary>Logs every failure with its tracking id and answers programs; people get the page.</summary>
internal sealed partial class FailureAnswers(ILogger<FailureAnswers> log, IOptions<JsonOptions> json) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception failure, CancellationToken stop)
    {
        if (failure is OperationCanceledException && context.RequestAborted.IsCancellationRequested)
        {
            return true;
        }

        var (status, path) = (Failures.Status(failure), new PathString(context.Features.Get<IExceptionHandlerPathFeature>()?.Path));
        if (status >= 500)
        {
            // The path as it was sent: decoded, it could hold the end of a line and the beginning of another.
            log.LogError(failure, "{Method} {Path} failed. Tracking id {TrackingId}", context.Request.Method, path.ToUriComponent(), ProblemResponses.TrackingId);
        }

        if (!Failures.IsProgram(context.Request, path))
        {
            return false;
        }

        Headers.Say(context);
        if (status == StatusCodes.Status503ServiceUnavailable)
        {
            context.Response.Headers.RetryAfter = "10";
        }

        var wrong = failure is BadHttpRequestException bad ? Wrong(bad, context) : null;
        var refusal = wrong is null ? (failure as ProblemException)?.Problem ?? (Failures.IsLocked(failure) ? Problems.StateLocked : Problems.Of(status)) : Problems.BadRequest.With($"{wrong.Field} {wrong.What}".TrimStart());
        await refusal.ToHttp(wrong is null ? null : [wrong]).ExecuteAsync(context);
        return true;
    }

    /// <summary>The field of the body or of the address that could not be read; null when it was something else.</summary>
    private Fault? Wrong(BadHttpRequestException bad, HttpContext context)
    {
        var asked = context.Features.Get<IExceptionHandlerFeature>()?.Endpoint?.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType;
        return bad.InnerException is JsonException unread && asked is not null ? WrongJson.Of(unread, asked, json.Value.SerializerOptions)
            : Parameter().Match(bad.Message) is { Success: true } named ? new(JsonNamingPolicy.CamelCase.ConvertName(named.Groups[1].Value), new("的值无法理解", "has a value that is not understood"))
            : null;
    }

    // The framework tells the parameter in its message alone.
    [GeneratedRegex(@"^Failed to bind parameter "".* (\w+)"" from", RegexOptions.NonBacktracking)]
    private static partial Regex Parameter();
}
